package io.github.hc5.utls.spring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientsProperties;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the application leaves the choice of the HTTP library to us, or has chosen the one we use. */
abstract class ChosenLibrary<E extends Enum<E>> extends SpringBootCondition {

    private final String property;
    private final Class<E> type;
    private final E ours;

    private ChosenLibrary(String property, Class<E> type, E ours) {
        this.property = property;
        this.type = type;
        this.ours = ours;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        E chosen = Binder.get(context.getEnvironment()).bind(property, type).orElse(null);
        ConditionMessage.Builder message = ConditionMessage.forCondition("HTTP library");
        return chosen == null || chosen == ours
                ? ConditionOutcome.match(message.because(property + " names no other"))
                : ConditionOutcome.noMatch(message.because(property + " is " + chosen));
    }

    /** For blocking clients. */
    static final class Imperative extends ChosenLibrary<ImperativeHttpClientsProperties.Factory> {
        Imperative() {
            super(
                    "spring.http.clients.imperative.factory",
                    ImperativeHttpClientsProperties.Factory.class,
                    ImperativeHttpClientsProperties.Factory.HTTP_COMPONENTS);
        }
    }

    /** For reactive clients. */
    static final class Reactive extends ChosenLibrary<ReactiveHttpClientsProperties.Connector> {
        Reactive() {
            super(
                    "spring.http.clients.reactive.connector",
                    ReactiveHttpClientsProperties.Connector.class,
                    ReactiveHttpClientsProperties.Connector.HTTP_COMPONENTS);
        }
    }
}
