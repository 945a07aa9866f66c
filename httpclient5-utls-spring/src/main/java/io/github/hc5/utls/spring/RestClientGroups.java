package io.github.hc5.utls.spring;

import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

/** Puts a group of HTTP interfaces that has the name of a pool on that pool. */
final class RestClientGroups implements RestClientHttpServiceGroupConfigurer {

    private final UtlsPools pools;
    private final GroupSettings settings;

    RestClientGroups(UtlsPools pools, GroupSettings settings) {
        this.pools = pools;
        this.settings = settings;
    }

    @Override
    public void configureGroups(Groups<RestClient.Builder> groups) {
        groups.forEachClient((group, builder) -> {
            if (pools.names().contains(group.name())) {
                builder.requestFactory(new UtlsClientHttpRequestFactoryBuilder(pools.get(group.name()))
                        .build(settings.of(group.name())));
            }
        });
    }

    @Override
    public int getOrder() {
        return GroupSettings.ORDER;
    }
}
