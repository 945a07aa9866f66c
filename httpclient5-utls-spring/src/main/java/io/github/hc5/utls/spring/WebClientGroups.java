package io.github.hc5.utls.spring;

import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;

/** Puts a group of reactive HTTP interfaces that has the name of a pool on that pool. */
final class WebClientGroups implements WebClientHttpServiceGroupConfigurer {

    private final UtlsPools pools;
    private final GroupSettings settings;

    WebClientGroups(UtlsPools pools, GroupSettings settings) {
        this.pools = pools;
        this.settings = settings;
    }

    @Override
    public void configureGroups(Groups<WebClient.Builder> groups) {
        groups.forEachClient((group, builder) -> {
            if (pools.names().contains(group.name())) {
                builder.clientConnector(
                        new UtlsClientHttpConnectorBuilder(pools.get(group.name())).build(settings.of(group.name())));
            }
        });
    }

    @Override
    public int getOrder() {
        return GroupSettings.ORDER;
    }
}
