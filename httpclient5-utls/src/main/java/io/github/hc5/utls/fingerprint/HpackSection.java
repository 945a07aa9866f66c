package io.github.hc5.utls.fingerprint;

import io.github.hc5.utls.fingerprint.HpackSpec.Huffman;
import io.github.hc5.utls.fingerprint.HpackSpec.Literal;
import io.github.hc5.utls.fingerprint.HpackSpec.LiteralRule;
import io.github.hc5.utls.fingerprint.HpackSpec.NameIndex;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code [http2.hpack]} table of a profile file. */
final class HpackSection {

    private static final Map<String, Huffman> HUFFMAN = Map.of(
            "when-shorter", Huffman.WHEN_SHORTER, "when-not-longer", Huffman.WHEN_NOT_LONGER, "always", Huffman.ALWAYS);
    private static final Map<String, NameIndex> NAME_INDEX =
            Map.of("lowest", NameIndex.LOWEST, "highest", NameIndex.HIGHEST);
    private static final Map<String, Literal> LITERALS =
            Map.of("without-indexing", Literal.WITHOUT_INDEXING, "never-indexed", Literal.NEVER_INDEXED);

    private HpackSection() {}

    static Optional<HpackSpec> read(ProfileTable table) {
        int before = table.problems().count();
        Optional<Huffman> huffman = table.required("huffman").flatMap(cell -> cell.word(HUFFMAN));
        Optional<NameIndex> nameIndex = table.required("name_index").flatMap(cell -> cell.word(NAME_INDEX));
        List<LiteralRule> rules = table.required("literals").map(ProfileCell::elements).orElse(List.of()).stream()
                .flatMap(cell -> cell.table().stream())
                .flatMap(fields -> rule(fields).stream())
                .toList();
        Optional<Boolean> splitsCookies = table.required("splits_cookies").flatMap(ProfileCell::bool);
        Optional<Boolean> sparesTable = table.required("spares_table").flatMap(ProfileCell::bool);
        Optional<Boolean> announces = table.required("announces_every_size").flatMap(ProfileCell::bool);
        table.finish();
        if (table.problems().count() > before) {
            return Optional.empty();
        }
        return table.problems()
                .build(
                        table.place(),
                        () -> new HpackSpec(
                                huffman.orElseThrow(),
                                nameIndex.orElseThrow(),
                                rules,
                                splitsCookies.orElseThrow(),
                                sparesTable.orElseThrow(),
                                announces.orElseThrow()));
    }

    private static Optional<LiteralRule> rule(ProfileTable fields) {
        Optional<String> name = fields.required("name").flatMap(ProfileCell::string);
        Optional<Literal> literal = fields.required("as").flatMap(cell -> cell.word(LITERALS));
        Optional<Integer> shorterThan = fields.has("shorter_than")
                ? fields.required("shorter_than").flatMap(cell -> cell.integer(1, Integer.MAX_VALUE))
                : Optional.of(Integer.MAX_VALUE);
        Optional<Boolean> yields = fields.required("yields_to_index").flatMap(ProfileCell::bool);
        fields.optional("shorter_than");
        fields.finish();
        if (name.isEmpty() || literal.isEmpty() || shorterThan.isEmpty() || yields.isEmpty()) {
            return Optional.empty();
        }
        return fields.problems()
                .build(
                        fields.place(),
                        () -> new LiteralRule(name.get(), shorterThan.get(), literal.get(), yields.get()));
    }
}
