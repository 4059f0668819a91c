package hudson.triggers;

import java.util.TimerTask;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Stands in for core's class of this name: a task whose failure does not end its schedule. */
public abstract class SafeTimerTask extends TimerTask {
    private static final Logger LOGGER = Logger.getLogger(SafeTimerTask.class.getName());

    @Override
    public final void run() {
        try {
            doRun();
        } catch (Exception e) { // whatever a task throws: the next run must still come
            LOGGER.log(Level.WARNING, e, () -> "Timer task " + this + " failed");
        }
    }

    protected abstract void doRun() throws Exception;
}
