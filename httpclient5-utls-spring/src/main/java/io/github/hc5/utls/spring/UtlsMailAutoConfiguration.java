package io.github.hc5.utls.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.mail.MailSender;

/**
 * The action {@code mail} of alerts, where there is a {@link MailSender} and {@code httpclient5.utls.alerts.mail.to} says
 * who is told. Backs off where the application has a bean {@code mailAlertAction}.
 */
@AutoConfiguration(
        before = UtlsAutoConfiguration.class,
        afterName = "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration")
@ConditionalOnClass(MailSender.class)
@ConditionalOnSingleCandidate(MailSender.class)
@ConditionalOnBooleanProperty(name = "httpclient5.utls.enabled", matchIfMissing = true)
@Conditional(UtlsMailAutoConfiguration.Recipients.class)
public final class UtlsMailAutoConfiguration {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String TO = MailAlerts.PROPERTIES + ".to";
    private static final String FROM = MailAlerts.PROPERTIES + ".from";

    @Bean
    @ConditionalOnMissingBean(name = "mailAlertAction", value = MailAlerts.class)
    MailAlerts utlsMailAlerts(ObjectProvider<MailSender> sender, Environment environment) {
        List<String> to = recipients(environment);
        to.forEach(address -> checked(TO, address));
        String from = environment.getProperty(FROM);
        if (from == null || from.isBlank()) {
            String user = environment.getProperty("spring.mail.username");
            from = user != null && user.indexOf('@') > 0 ? user : null;
        }
        return new MailAlerts(
                sender::getObject,
                to,
                checked(FROM, from),
                environment.getProperty("spring.application.name", ""),
                PAUSE);
    }

    private static List<String> recipients(Environment environment) {
        return Binder.get(environment).bind(TO, Bindable.listOf(String.class)).orElse(List.of()).stream()
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    private static String checked(String property, @Nullable String address) {
        if (address == null || !address.matches("[^\\s\\p{Cntrl}@,;]+@[^\\s\\p{Cntrl}@,;]+")) {
            throw new InvalidConfigurationPropertyValueException(
                    property, address, "Must be an e-mail address such as ops@example.com.");
        }
        return address;
    }

    /** Whether anybody is to be told. */
    static final class Recipients extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            ConditionMessage.Builder message = ConditionMessage.forCondition("Recipients of alerts");
            return recipients(context.getEnvironment()).isEmpty()
                    ? ConditionOutcome.noMatch(message.because(TO + " is not set"))
                    : ConditionOutcome.match(message.because(TO + " is set"));
        }
    }
}
