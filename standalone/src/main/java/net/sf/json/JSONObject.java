package net.sf.json;

import java.io.Serializable;

/** Stands in for json-lib's class of this name: a submitted form, which the plugin only passes on. */
public final class JSONObject implements Serializable {
    private static final long serialVersionUID = 1L;
}
