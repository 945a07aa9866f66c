package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.metrics.AlertEvent;
import io.github.hc5.utls.metrics.AlertMetric;
import io.github.hc5.utls.metrics.AlertOperator;
import io.github.hc5.utls.metrics.AlertRule;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.MailSendException;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;

/** Alerts told by mail, to a real SMTP server and to senders that fail. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class MailAlertsTest {

    private static final String PASSWORD = "not-to-be-seen-anywhere";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MailSenderAutoConfiguration.class, UtlsMailAutoConfiguration.class, UtlsAutoConfiguration.class))
            .withPropertyValues(
                    "spring.application.name=shop",
                    "httpclient5.utls.alerts.interval=1s",
                    "httpclient5.utls.alerts.rules.always.metric=active_connections",
                    "httpclient5.utls.alerts.rules.always.operator=>=",
                    "httpclient5.utls.alerts.rules.always.threshold=0",
                    "httpclient5.utls.alerts.rules.always.duration=0s");

    private static AlertEvent event(boolean firing) {
        return event("low-success-rate", firing);
    }

    private static AlertEvent event(String rule, boolean firing) {
        return new AlertEvent(
                new AlertRule(
                        rule,
                        AlertMetric.SUCCESS_RATE,
                        AlertOperator.LESS,
                        0.8,
                        Duration.ofMinutes(5),
                        List.of("mail")),
                firing,
                0.5,
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static MailAlerts alerts(Consumer<SimpleMailMessage> sent) {
        MailSender sender = messages -> List.of(messages).forEach(sent);
        return new MailAlerts(() -> sender, List.of("ops@example.com"), "pool@example.com", "", Duration.ZERO);
    }

    @Test
    void anAlertOfThePoolArrivesByMail(CapturedOutput output) throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            server.setUser("pool@example.com", PASSWORD);
            runner.withPropertyValues(
                            "spring.mail.host=127.0.0.1",
                            "spring.mail.port=" + server.getSmtp().getPort(),
                            "spring.mail.username=pool@example.com",
                            "spring.mail.password=" + PASSWORD,
                            "spring.mail.properties[mail.smtp.auth]=true",
                            "httpclient5.utls.alerts.rules.always.actions=log,mail",
                            "httpclient5.utls.alerts.mail.to=ops@example.com, boss@example.com")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(server.waitForIncomingEmail(30_000, 1)).isTrue();
                        MimeMessage mail = server.getReceivedMessages()[0];
                        assertThat(mail.getSubject()).isEqualTo("[shop] always is firing (pool default)");
                        assertThat(mail.getFrom()[0]).hasToString("pool@example.com");
                        assertThat(mail.getAllRecipients())
                                .extracting(Object::toString)
                                .containsExactly("ops@example.com", "boss@example.com");
                        assertThat(mail.getContent().toString())
                                .contains("active_connections >= 0.0 for 0 s")
                                .contains("pool default");
                    });
        } finally {
            server.stop();
        }
        assertThat(output).doesNotContain(PASSWORD);
    }

    @Test
    void whatFailsIsTriedAgainInItsOrderAndThenGivenUp(CapturedOutput output) throws Exception {
        BlockingQueue<String> tries = new LinkedBlockingQueue<>();
        try (MailAlerts alerts = alerts(message -> {
            tries.add(String.valueOf(message.getSubject()));
            throw new MailSendException("535 AUTH " + PASSWORD, new IllegalStateException(PASSWORD));
        })) {
            alerts.of("default").fired(event(true));
            alerts.of("slow").cleared(event(false));
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                seen.add(tries.take());
            }
            assertThat(seen.subList(0, 3)).containsOnly("low-success-rate is firing (pool default)");
            assertThat(seen.subList(3, 6)).containsOnly("low-success-rate is over (pool slow)");
        }
        assertThat(tries).isEmpty();
        assertThat(output)
                .contains("alert=low-success-rate action=mail is given up: MailSendException")
                .doesNotContain(PASSWORD);
    }

    @Test
    void aFailedTryIsMadeGood() throws Exception {
        BlockingQueue<String> sent = new LinkedBlockingQueue<>();
        int[] tries = {0};
        try (MailAlerts alerts = alerts(message -> {
            if (++tries[0] < 3) {
                throw new MailSendException("not now");
            }
            sent.add(String.valueOf(message.getText()));
        })) {
            alerts.of("default").fired(event(true));
            assertThat(sent.poll(30, TimeUnit.SECONDS))
                    .contains("success_rate < 0.8 for 300 s", "Value: 0.5", "2026-01-02T03:04:05Z");
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void nobodyWaitsForAServerThatHangsAndWhatIsTooMuchIsSaid(CapturedOutput output) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        BlockingQueue<String> sent = new LinkedBlockingQueue<>();
        try (MailAlerts alerts = alerts(message -> {
            begun.countDown();
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sent.add(String.valueOf(message.getSubject()));
        })) {
            alerts.of("default").fired(event(true));
            begun.await();
            for (int i = 0; i < 101; i++) {
                alerts.of("default").fired(event(true));
            }
            assertThat(sent).isEmpty();
            assertThat(output).containsOnlyOnce("is not told: 100 mails wait");
            hanging.countDown();
        }
        assertThat(sent).as("what waits is sent before the application ends").hasSize(101);
    }

    @Test
    void aRulesNameCannotBecomeAHeader() throws Exception {
        BlockingQueue<String> sent = new LinkedBlockingQueue<>();
        try (MailAlerts alerts = alerts(message -> sent.add(String.valueOf(message.getSubject())))) {
            alerts.of("default").fired(event("x\r\nBcc: other@example.com", true));
            assertThat(sent.take()).isEqualTo("x Bcc: other@example.com is firing (pool default)");
        }
    }

    @Test
    void aRuleThatMailsNeedsASenderAndSomebodyToTell() {
        runner.withPropertyValues("httpclient5.utls.alerts.rules.always.actions=mail")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("httpclient5.utls.alerts.rules.always.actions")
                        .hasMessageContaining("There is no action 'mail', must be one or more of log,")
                        .hasMessageContaining("spring.mail.host")
                        .hasMessageContaining("httpclient5.utls.alerts.mail.to"));
    }

    @Test
    void addressesThatAreNoneAreNamed() {
        ApplicationContextRunner mail = runner.withPropertyValues("spring.mail.host=127.0.0.1");
        mail.withPropertyValues("httpclient5.utls.alerts.mail.to=ops@example.com,nobody")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("httpclient5.utls.alerts.mail.to")
                        .hasMessageContaining("nobody"));
        mail.withPropertyValues("httpclient5.utls.alerts.mail.to=ops@example.com")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("httpclient5.utls.alerts.mail.from"));
    }

    @Test
    void actionsOfTheApplicationAreCalledByTheirBeansNames() {
        runner.withUserConfiguration(Pager.class)
                .withPropertyValues("httpclient5.utls.alerts.rules.always.actions=pager")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(Pager.CALLED.await(30, TimeUnit.SECONDS)).isTrue();
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Pager {
        static final CountDownLatch CALLED = new CountDownLatch(1);

        /** As one that calls a service through the pool would, it needs the pools. */
        @Bean
        AlertAction pagerAlertAction(UtlsPools pools) {
            assertThat(pools.names()).isNotEmpty();
            return event -> CALLED.countDown();
        }
    }

    @Test
    void whatIsSentAfterTheEndIsSaidNotToBe(CapturedOutput output) {
        MailAlerts alerts = alerts(message -> {});
        alerts.close();
        alerts.of("default").fired(event(true));
        assertThat(output).contains("is not told: the application ends");
    }
}
