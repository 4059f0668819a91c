package io.jenkins.plugins.sshexec.standalone.controller;

import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.Hudson;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/**
 * A Jenkins controller in this process, made of the doubles: extensions, periodic work, users, folders and jobs.
 * At most one runs at a time, since {@link Jenkins#get} knows one; nothing is read from its home or written there.
 */
public final class EmbeddedController implements AutoCloseable {
    private static volatile EmbeddedController running;

    private final Jenkins jenkins;
    private final ExtensionIndex extensions;
    private final AccessTable access = new AccessTable();
    private final List<CredentialsUse> credentialsUses = new CopyOnWriteArrayList<>();
    private final List<ScheduledFuture<?>> periodicWork = new ArrayList<>();

    /** One {@code CredentialsProvider.track}. */
    public record CredentialsUse(Run<?, ?> build, String credentialsId) {}

    private EmbeddedController(Path home) throws IOException, InterruptedException, InstantiationException {
        this.extensions = new ExtensionIndex(EmbeddedController.class.getClassLoader());
        this.jenkins = new Hudson(home.toFile(), null);
    }

    /**
     * Starts a controller: initializers first, then the periodic work.
     *
     * @throws IllegalStateException while another one runs
     */
    public static synchronized EmbeddedController start(Path home) throws IOException, InterruptedException {
        if (running != null) {
            throw new IllegalStateException("There is a controller in this process already");
        }
        try {
            running = new EmbeddedController(home);
        } catch (InstantiationException e) {
            throw new IOException("Cannot read the index of extensions", e);
        }
        running.callAll(Initializer.class);
        running.schedulePeriodicWork();
        return running;
    }

    /** The controller that a {@link Jenkins} belongs to. */
    public static EmbeddedController of(Jenkins jenkins) {
        EmbeddedController controller = running;
        if (controller == null || controller.jenkins != jenkins) {
            throw new IllegalStateException("This controller has been stopped");
        }
        return controller;
    }

    public Jenkins jenkins() {
        return jenkins;
    }

    public ExtensionIndex extensions() {
        return extensions;
    }

    public AccessTable access() {
        return access;
    }

    public void credentialsUsed(Run<?, ?> build, String credentialsId) {
        credentialsUses.add(new CredentialsUse(build, credentialsId));
    }

    public List<CredentialsUse> credentialsUses() {
        return List.copyOf(credentialsUses);
    }

    private void schedulePeriodicWork() {
        for (PeriodicWork work : PeriodicWork.all()) {
            periodicWork.add(Timer.get()
                    .scheduleAtFixedRate(
                            work, work.getInitialDelay(), work.getRecurrencePeriod(), TimeUnit.MILLISECONDS));
        }
    }

    /** Stops the periodic work and then, by their {@link Terminator} methods, whatever the plugin has running. */
    @Override
    public void close() throws IOException {
        synchronized (EmbeddedController.class) {
            if (running != this) {
                return;
            }
            periodicWork.forEach(work -> work.cancel(false));
            Timer.shutdown();
            try {
                callAll(Terminator.class);
            } finally {
                jenkins.cleanUp();
                running = null;
            }
        }
    }

    /** Calls the static methods with this annotation, found by the index that Jenkins reads too. */
    private void callAll(Class<? extends Annotation> annotation) throws IOException {
        for (Method method : AnnotationIndex.methods(annotation, EmbeddedController.class.getClassLoader())) {
            try {
                method.setAccessible(true);
                method.invoke(null);
            } catch (InvocationTargetException | IllegalAccessException e) {
                throw new IOException("Cannot run " + method, e);
            }
        }
    }
}
