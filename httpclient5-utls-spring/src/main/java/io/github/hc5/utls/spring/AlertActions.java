package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.metrics.AlertEvent;
import io.github.hc5.utls.metrics.AlertRule;
import io.github.hc5.utls.metrics.AlertSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * What rules of alerts may do besides what the library has: the {@link AlertAction} beans of the application, by the names
 * of the beans without the suffix {@code AlertAction}, and ours. Beans are asked for when an alert fires, as they may
 * themselves use the pools.
 */
final class AlertActions {

    private static final String SUFFIX = "AlertAction";
    private static final List<String> BUILT_IN =
            List.of(AlertRule.LOG, AlertRule.WEBHOOK, AlertRule.SCALE_UP, AlertRule.SHUTDOWN);

    private final ListableBeanFactory beans;

    AlertActions(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Returns the actions of a pool by the names that rules call them by. */
    Map<String, AlertAction> of(String pool) {
        Map<String, AlertAction> actions = new LinkedHashMap<>();
        beans.getBeanProvider(PoolAlerts.class)
                .orderedStream()
                .forEach(ours -> actions.put(ours.name(), ours.of(pool)));
        for (String bean : beans.getBeanNamesForType(AlertAction.class, true, false)) {
            actions.put(action(bean), new LateAction(() -> beans.getBean(bean, AlertAction.class)));
        }
        return actions;
    }

    private static String action(String bean) {
        return bean.endsWith(SUFFIX) && bean.length() > SUFFIX.length()
                ? StringUtils.uncapitalize(bean.substring(0, bean.length() - SUFFIX.length()))
                : bean;
    }

    /**
     * Checks that all actions of rules are there.
     *
     * @throws InvalidConfigurationPropertyValueException if one is not
     */
    static void check(String pool, AlertSettings settings, Map<String, AlertAction> more) {
        Set<String> names = new TreeSet<>(BUILT_IN);
        names.addAll(more.keySet());
        for (AlertRule rule : settings.rules()) {
            for (String action : rule.actions()) {
                if (!names.contains(action)) {
                    throw new InvalidConfigurationPropertyValueException(
                            property(pool, rule), String.join(",", rule.actions()), reason(action, names));
                }
            }
        }
    }

    private static String property(String pool, AlertRule rule) {
        String above = pool.equals(UtlsPools.DEFAULT) ? "" : ".pools." + pool;
        return KeyNames.PREFIX + above + ".alerts.rules." + rule.name() + ".actions";
    }

    private static String reason(String action, Set<String> names) {
        String reason = "There is no action '" + action + "', must be one or more of " + String.join(", ", names);
        return action.equals(MailAlerts.NAME)
                ? reason + ". For mail, add spring-boot-starter-mail, set spring.mail.host and " + MailAlerts.PROPERTIES
                        + ".to"
                : reason;
    }

    /** An action whose bean is made when it is needed. */
    private record LateAction(Supplier<AlertAction> bean) implements AlertAction {
        @Override
        public void fired(AlertEvent event) {
            bean.get().fired(event);
        }

        @Override
        public void cleared(AlertEvent event) {
            bean.get().cleared(event);
        }

        @Override
        public void goesOn(AlertEvent event) {
            bean.get().goesOn(event);
        }
    }
}
