package hudson.model;

import hudson.EnvVars;
import hudson.ExtensionPoint;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Stands in for core's class of this name: one build. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements ExtensionPoint, AccessControlled, Saveable {
    public transient int number;

    protected final transient JobT project;
    protected volatile Result result;
    protected long timestamp;

    protected Run(JobT job) throws IOException {
        this(job, System.currentTimeMillis());
        this.number = job.assignBuildNumber();
    }

    protected Run(JobT job, long timestamp) {
        this.project = job;
        this.timestamp = timestamp;
    }

    public JobT getParent() {
        return project;
    }

    public int getNumber() {
        return number;
    }

    public String getId() {
        return Integer.toString(number);
    }

    public final long getTimeInMillis() {
        return timestamp;
    }

    public String getDisplayName() {
        return "#" + number;
    }

    public String getFullDisplayName() {
        return project.getFullDisplayName() + " " + getDisplayName();
    }

    public String getExternalizableId() {
        return project.getFullName() + "#" + number;
    }

    public String getUrl() {
        return project.getUrl() + number + "/";
    }

    public File getRootDir() {
        return new File(project.getRootDir(), "builds/" + number);
    }

    public boolean isBuilding() {
        return false;
    }

    public Result getResult() {
        return result;
    }

    /** As in core, a result only ever gets worse. */
    public void setResult(Result worse) {
        synchronized (this) {
            if (result == null || worse.isWorseThan(result)) {
                result = worse;
            }
        }
    }

    /** As WorkflowRun has it: a Pipeline's log is UTF-8. */
    public final Charset getCharset() {
        return StandardCharsets.UTF_8;
    }

    public final EnvVars getCharacteristicEnvVars() {
        return new EnvVars(
                "BUILD_NUMBER", getId(),
                "BUILD_ID", getId(),
                "BUILD_TAG", "jenkins-" + project.getFullName().replace('/', '-') + "-" + number,
                "JOB_NAME", project.getFullName(),
                "JOB_BASE_NAME", project.getName());
    }

    public EnvVars getEnvironment(TaskListener listener) throws IOException, InterruptedException {
        return getCharacteristicEnvVars();
    }

    @Override
    public ACL getACL() {
        return project.getACL();
    }

    /** Kept in memory only. */
    @Override
    public void save() throws IOException {}

    @Override
    public String toString() {
        return project.getFullName() + " " + getDisplayName();
    }
}
