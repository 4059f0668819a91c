package hudson.model;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for core's class of this name: carries actions. */
public abstract class Actionable {
    private final List<Action> actions = new CopyOnWriteArrayList<>();

    public void addAction(Action action) {
        actions.add(action);
    }

    public <T extends Action> T getAction(Class<T> type) {
        return getActions(type).stream().findFirst().orElse(null);
    }

    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
