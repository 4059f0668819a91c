package hudson.util;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.kohsuke.stapler.HttpResponse;

/** Stands in for core's class of this name: the suggestions of a text field. */
public class ComboBoxModel extends ArrayList<String> implements HttpResponse {
    private static final long serialVersionUID = 1L;

    public ComboBoxModel() {}

    public ComboBoxModel(Collection<String> suggestions) {
        super(suggestions);
    }

    public ComboBoxModel(String... suggestions) {
        super(List.of(suggestions));
    }
}
