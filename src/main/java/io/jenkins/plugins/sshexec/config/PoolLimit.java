package io.jenkins.plugins.sshexec.config;

import hudson.util.FormValidation;
import io.jenkins.plugins.sshexec.hosts.HostRules;

/** The numbers that an administrator can set, with the one range that form, setter and JCasC hold them to. */
enum PoolLimit {
    /** Sessions in use at once to one host and port. */
    SESSIONS_PER_HOST("sessionsPerHost", 1, HostRules.MAX_SESSIONS, 8),
    /** Sessions in use at once to all hosts. */
    SESSIONS_IN_TOTAL("sessionsInTotal", 1, 10_000, 200),
    /** Commands at once on one session; OpenSSH refuses more than 10 unless MaxSessions says otherwise. */
    CHANNELS_PER_SESSION("channelsPerSession", 1, HostRules.MAX_CHANNELS, 4),
    /** How long an unused session is kept. */
    MAX_IDLE_SECONDS("maxIdleSeconds", 1, 86_400, 300),
    /** How old a session may grow before it is replaced. */
    MAX_AGE_SECONDS("maxAgeSeconds", 60, 604_800, 14_400),
    /** From name look-up to login; also for each answer while a channel is opened. */
    CONNECT_TIMEOUT_SECONDS("connectTimeoutSeconds", 1, 600, 30),
    /** For standing in line; an hour, because a busy host is no failure and {@code timeout} can say otherwise. */
    WAIT_TIMEOUT_SECONDS("waitTimeoutSeconds", 1, 86_400, 3_600),
    /** Between signs of life; below 15 s servers see it as a flood and slow links as a failure. 0 for none. */
    KEEP_ALIVE_SECONDS("keepAliveSeconds", 15, 3_600, 60) {
        @Override
        boolean allows(int value) {
            return value == 0 || super.allows(value);
        }

        @Override
        String rule() {
            return Messages.PoolLimit_rangeOrZero(min(), max());
        }
    };

    private final String field;
    private final int min;
    private final int max;
    private final int defaultValue;

    PoolLimit(String field, int min, int max, int defaultValue) {
        this.field = field;
        this.min = min;
        this.max = max;
        this.defaultValue = defaultValue;
    }

    /** The property's name in forms and in Configuration as Code. */
    String field() {
        return field;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    int defaultValue() {
        return defaultValue;
    }

    boolean allows(int value) {
        return value >= min && value <= max;
    }

    /** What to type. */
    String rule() {
        return Messages.PoolLimit_range(min, max);
    }

    /** @throws IllegalArgumentException whose message names the field and says what to type */
    int require(int value) {
        if (!allows(value)) {
            throw new IllegalArgumentException(Messages.PoolLimit_field(field, value, rule()));
        }
        return value;
    }

    FormValidation check(String typed) {
        try {
            return allows(Integer.parseInt(typed.trim())) ? FormValidation.ok() : FormValidation.error(rule());
        } catch (NumberFormatException e) {
            return FormValidation.error(rule());
        }
    }
}
