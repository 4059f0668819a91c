package hudson.model;

import hudson.model.queue.SubTask;
import hudson.security.ACL;
import org.springframework.security.core.Authentication;

/** Stands in for core's class of this name, for the interface that jobs implement. */
public class Queue {
    private Queue() {}

    /** Stands in for core's interface of this name: something that can be built. */
    public interface Task extends ModelObject, SubTask {
        String getName();

        String getFullDisplayName();

        String getUrl();

        default Authentication getDefaultAuthentication2() {
            return ACL.SYSTEM2;
        }
    }
}
