package net.sf.json;

import java.io.Serializable;

/** Stands in for json-lib's class of this name: a submitted form, of which the embedded controller has none. */
public final class JSONObject implements Serializable {
    private static final long serialVersionUID = 1L;

    public boolean isNullObject() {
        return false;
    }

    public boolean has(String key) {
        return false;
    }

    public Object get(String key) {
        return null;
    }

    public Object put(String key, Object value) {
        throw new JSONException("There is no form to put " + key + " into.");
    }

    public Object remove(String key) {
        return null;
    }

    public JSONObject getJSONObject(String key) {
        throw new JSONException("JSONObject[" + key + "] is not a JSONObject.");
    }

    public int optInt(String key, int defaultValue) {
        return defaultValue;
    }
}
