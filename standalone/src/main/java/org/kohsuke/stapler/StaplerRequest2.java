package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import net.sf.json.JSONObject;

/** Stands in for Stapler's interface of this name. */
public interface StaplerRequest2 extends HttpServletRequest {
    <T> T bindJSON(Class<T> type, JSONObject source);

    <T> List<T> bindJSONToList(Class<T> type, Object source);

    void bindJSON(Object bean, JSONObject source);

    <T> T findAncestorObject(Class<T> type);
}
