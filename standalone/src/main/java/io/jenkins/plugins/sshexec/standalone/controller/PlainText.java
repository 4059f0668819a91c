package io.jenkins.plugins.sshexec.standalone.controller;

import java.util.Locale;
import org.jvnet.localizer.Localizable;
import org.jvnet.localizer.ResourceBundleHolder;

/** A text that is the same in every language, for the titles that core's doubles need. */
public final class PlainText extends Localizable {
    private static final long serialVersionUID = 1L;

    private final String text;

    public PlainText(String text) {
        super(ResourceBundleHolder.get(PlainText.class), text);
        this.text = text;
    }

    @Override
    public String toString(Locale locale) {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
