package jenkins.metrics.api;

import com.codahale.metrics.MetricSet;
import hudson.ExtensionPoint;

/** Stands in for the metrics plugin's class of this name; nobody collects here. */
public abstract class MetricProvider implements ExtensionPoint {
    public abstract MetricSet getMetricSet();
}
