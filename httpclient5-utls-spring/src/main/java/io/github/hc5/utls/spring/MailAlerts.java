package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.metrics.AlertEvent;
import io.github.hc5.utls.metrics.AlertRule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.MailException;
import org.springframework.mail.MailParseException;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;

/**
 * The action {@code mail}: a mail when an alert begins and one when it is over. No caller waits for it: mails are sent one
 * after another on a thread of their own, {@code utls-alert-mail}, each tried three times with growing pauses, then given
 * up with a line in the log, as is what comes when a hundred wait. Thread-safe.
 */
final class MailAlerts implements PoolAlerts, AutoCloseable {

    static final String NAME = "mail";
    static final String PROPERTIES = KeyNames.PREFIX + ".alerts.mail";

    private static final Logger LOG = LoggerFactory.getLogger(MailAlerts.class);
    private static final int MOST_WAITING = 100;
    private static final int TRIES = 3;
    private static final long IDLE_SECONDS = 10;

    /** How long the end of the application waits for mails that have not been sent. */
    private static final long CLOSE_SECONDS = 5;

    private final Supplier<MailSender> sender;
    private final List<String> to;
    private final String from;
    private final String application;
    private final long pauseMillis;
    private final ThreadPoolExecutor worker;

    /**
     * @param sender asked for with each mail: it may itself use the pools
     * @param application its name, for the subject; may be empty
     * @param pause before the second try; twice as long before the third
     */
    MailAlerts(Supplier<MailSender> sender, List<String> to, String from, String application, Duration pause) {
        this.sender = sender;
        this.to = List.copyOf(to);
        this.from = from;
        this.application = application;
        this.pauseMillis = pause.toMillis();
        this.worker = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "utls-alert-mail");
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public AlertAction of(String pool) {
        return new AlertAction() {
            @Override
            public void fired(AlertEvent event) {
                send(pool, event);
            }

            @Override
            public void cleared(AlertEvent event) {
                send(pool, event);
            }
        };
    }

    private void send(String pool, AlertEvent event) {
        SimpleMailMessage message = message(pool, event);
        try {
            worker.execute(() -> deliver(message, event.rule().name()));
        } catch (RejectedExecutionException e) {
            LOG.error(
                    "alert={} action=mail is not told: {}",
                    event.rule().name(),
                    worker.isShutdown() ? "the application ends" : MOST_WAITING + " mails wait");
        }
    }

    private SimpleMailMessage message(String pool, AlertEvent event) {
        AlertRule rule = event.rule();
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom(from);
        message.setTo(to.toArray(String[]::new));
        message.setSubject(oneLine((application.isEmpty() ? "" : "[" + application + "] ") + rule.name()
                + (event.firing() ? " is firing" : " is over") + " (pool " + pool + ")"));
        message.setText(String.format(
                Locale.ROOT,
                "The alert %s of the connection pool %s %s.%n%nRule: %s%nValue: %s%nTime: %s%n",
                rule.name(),
                pool,
                event.firing() ? "is firing" : "is over",
                rule.condition(),
                Double.isFinite(event.value()) ? Double.toString(event.value()) : "none, as without traffic",
                event.at()));
        return message;
    }

    /** A name with a line break must not become a header. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private void deliver(SimpleMailMessage message, String alert) {
        for (int number = 1; number <= TRIES; number++) {
            try {
                sender.get().send(message);
                return;
            } catch (MailAuthenticationException | MailParseException e) {
                // another try would end alike
                LOG.error("alert={} action=mail failed: {}", alert, reason(e));
                return;
            } catch (MailException e) {
                LOG.warn("alert={} action=mail attempt={} of={} failed: {}", alert, number, TRIES, reason(e));
                if (number == TRIES) {
                    LOG.error("alert={} action=mail is given up: {}", alert, reason(e));
                }
            } catch (RuntimeException e) {
                LOG.error("alert={} action=mail failed: {}", alert, reason(e));
                return;
            }
            if (number < TRIES && !pause(pauseMillis << (number - 1))) {
                return;
            }
        }
    }

    private static boolean pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says what kind of failure it was. What a server answered is left out: it may repeat what it was sent. */
    private static String reason(RuntimeException failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        return root == failure
                ? failure.getClass().getSimpleName()
                : failure.getClass().getSimpleName() + " of " + root.getClass().getName();
    }

    @Override
    public void close() {
        worker.shutdown();
        try {
            if (worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.shutdownNow();
    }
}
