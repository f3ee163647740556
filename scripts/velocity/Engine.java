import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import com.jayway.jsonpath.spi.mapper.JsonSmartMappingProvider;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;

import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.exception.MethodInvocationException;
import org.apache.velocity.util.introspection.Info;
import org.apache.velocity.util.introspection.SecureUberspector;
import org.apache.velocity.util.introspection.VelMethod;
import org.apache.velocity.util.introspection.VelPropertyGet;

/**
 * Renders mapping templates with the real Apache Velocity 1.7, json-smart and Jayway JsonPath.
 *
 * stdin : one JSON object a line: {id, template, body, params:{path,querystring,header}, stageVariables, context}
 * stdout: one JSON object a line: {id, out, overrides?} or {id, error:{kind, message}}
 *
 * --facts none  (or --mode plain) Velocity as it comes out of its jar: default properties, nothing added.
 * --facts all   (or --mode aws) what is known of how API Gateway runs the same engine:
 *   null      null references evaluate to ""
 *   macro     inline macros are parsed, but never registered
 *   evaluate  #evaluate is no directive
 *   reflect   getClass() and what hangs on it is refused
 *   loop      #foreach ends after 1000 rounds
 *   body      an empty body is "{}"
 *   own       $context and its maps, $input and $util are HashMaps or objects that print as ""
 * --facts a,b,c any subset, to learn which of them makes a difference
 */
public class Engine {

    /** A map that API Gateway owns ($context and what hangs below it): prints as the empty string there. */
    public static class OwnMap extends HashMap<String, Object> {
        @Override
        public String toString() {
            return "";
        }
    }

    static Object parseJsonText(String text) {
        try {
            // A new parser each time: Debian's security patch counts depth over a parser's whole life.
            return new JSONParser(JSONParser.MODE_PERMISSIVE).parse(text, JSONValue.defaultReader.DEFAULT_ORDERED);
        } catch (net.minidev.json.parser.ParseException e) {
            throw new IllegalArgumentException(e.toString());
        }
    }

    static final List<String> ALL = java.util.Arrays.asList(
            "null", "macro", "evaluate", "reflect", "loop", "body", "own");

    /** Refuses the way out of the template: getClass(), and with it everything that needs a Class. */
    public static class NoReflection extends SecureUberspector {
        @Override
        public VelMethod getMethod(Object obj, String name, Object[] args, Info info) throws Exception {
            return "getClass".equals(name) ? null : super.getMethod(obj, name, args, info);
        }

        @Override
        public VelPropertyGet getPropertyGet(Object obj, String name, Info info) throws Exception {
            if ("class".equals(name) || "Class".equals(name)) {
                return obj instanceof Map ? new MapValue(name) : null;
            }
            return super.getPropertyGet(obj, name, info);
        }
    }

    /** A key of a map, even where a getter of that name exists. */
    static class MapValue implements VelPropertyGet {
        private final String key;

        MapValue(String key) {
            this.key = key;
        }

        public Object invoke(Object map) {
            return ((Map<?, ?>) map).get(key);
        }

        public boolean isCacheable() {
            return false;
        }

        public String getMethodName() {
            return "get";
        }
    }

    /** $input */
    public static class Input {
        private final String body;
        private final Map<String, Map<String, Object>> params;
        private final Configuration conf;
        private final boolean own;
        private final JSONStyle style;
        private boolean parsed;
        private Object document;

        Input(String body, Map<String, Map<String, Object>> params, Set<String> facts, JSONStyle style) {
            boolean empty = body == null || body.isEmpty();
            this.body = facts.contains("body") && empty ? "{}" : body;
            this.params = params;
            this.own = facts.contains("own");
            this.style = style;
            this.conf = Configuration.builder()
                    .jsonProvider(new JsonSmartJsonProvider())
                    .mappingProvider(new JsonSmartMappingProvider())
                    .options(Option.SUPPRESS_EXCEPTIONS)
                    .build();
        }

        public String getBody() {
            return body;
        }

        /** The payload is parsed once: a change made through path() shows in json(). */
        private Object document() {
            if (!parsed) {
                document = body == null ? null : parseJsonText(body);
                parsed = true;
            }
            return document;
        }

        public Object path(String expression) {
            JsonPath compiled = JsonPath.compile(expression);
            Object doc = document();
            if (doc == null) {
                return null;
            }
            return compiled.read(doc, conf);
        }

        public String json(String expression) {
            Object value = path(expression);
            if (value == null) {
                value = "";
            }
            return JSONValue.toJSONString(value, style);
        }

        public Map<String, Map<String, Object>> params() {
            return params;
        }

        public Object params(String name) {
            for (String kind : new String[] {"path", "querystring", "header"}) {
                Map<String, Object> map = params.get(kind);
                if (map != null && map.containsKey(name)) {
                    return map.get(name);
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return own ? "" : super.toString();
        }
    }

    /** $util */
    public static class Util {
        private final boolean own;

        Util(Set<String> facts) {
            this.own = facts.contains("own");
        }

        public String escapeJavaScript(String text) {
            return StringEscapeUtils.escapeJavaScript(text);
        }

        /** Numbers and booleans are printed first; Velocity itself would find no method for them. */
        public String escapeJavaScript(Object value) {
            return value == null ? null : StringEscapeUtils.escapeJavaScript(value.toString());
        }

        public Object parseJson(String text) {
            return text == null ? null : parseJsonText(text);
        }

        public String urlEncode(String text) throws Exception {
            return text == null ? null : URLEncoder.encode(text, "UTF-8");
        }

        public String urlDecode(String text) throws Exception {
            return text == null ? null : URLDecoder.decode(text, "UTF-8");
        }

        public String base64Encode(String text) {
            return text == null ? null : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        public String base64Decode(String text) {
            return text == null ? null : new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return own ? "" : super.toString();
        }
    }

    /** What makes an undefined reference an empty string: 1.7 asks this handler whenever a reference is null. */
    public static class EmptyWhenInvalid implements InvalidReferenceEventHandler {
        public Object invalidGetMethod(Context context, String reference, Object object, String property, Info info) {
            return "";
        }

        public boolean invalidSetMethod(Context context, String leftreference, String rightreference, Info info) {
            return false;
        }

        public Object invalidMethod(Context context, String reference, Object object, String method, Info info) {
            return "";
        }
    }

    static VelocityEngine engine(Set<String> facts) {
        VelocityEngine ve = new VelocityEngine();
        ve.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        ve.setProperty("resource.loader", "string");
        ve.setProperty("string.resource.loader.class",
                "org.apache.velocity.runtime.resource.loader.StringResourceLoader");
        if (facts.contains("macro")) {
            ve.setProperty("velocimacro.permissions.allow.inline", "false");
        }
        if (facts.contains("loop")) {
            ve.setProperty("directive.foreach.maxloops", "1000");
        }
        if (facts.contains("reflect")) {
            ve.setProperty("runtime.introspector.uberspect", NoReflection.class.getName());
        }
        ve.init();
        if (facts.contains("evaluate")) {
            ve.removeDirective("evaluate");
        }
        return ve;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> asMap(Object value) {
        return value == null ? new LinkedHashMap<String, Object>() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static Object own(Object value) {
        if (value instanceof Map) {
            OwnMap copy = new OwnMap();
            for (Map.Entry<String, Object> e : ((Map<String, Object>) value).entrySet()) {
                copy.put(e.getKey(), own(e.getValue()));
            }
            return copy;
        }
        return value;
    }

    static Map<String, Object> contextOf(Object given, boolean own) {
        Map<String, Object> context = asMap(given);
        if (!context.containsKey("requestOverride")) {
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("header", new LinkedHashMap<String, Object>());
            request.put("path", new LinkedHashMap<String, Object>());
            request.put("querystring", new LinkedHashMap<String, Object>());
            context.put("requestOverride", request);
        }
        if (!context.containsKey("responseOverride")) {
            Map<String, Object> response = new LinkedHashMap<>();
            response.put("header", new LinkedHashMap<String, Object>());
            context.put("responseOverride", response);
        }
        if (!context.containsKey("identity")) {
            context.put("identity", new LinkedHashMap<String, Object>());
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> result = own ? (Map<String, Object>) own(context) : context;
        return result;
    }

    static Map<String, Map<String, Object>> paramsOf(Object given) {
        Map<String, Object> map = asMap(given);
        Map<String, Map<String, Object>> params = new LinkedHashMap<>();
        for (String kind : new String[] {"path", "querystring", "header"}) {
            params.put(kind, asMap(map.get(kind)));
        }
        return params;
    }

    static class Result {
        String out;
        String kind;
        String message;
        Object request;
        Object response;
    }

    static Result render(VelocityEngine ve, Map<String, Object> test, Set<String> facts, JSONStyle style) {
        Result result = new Result();
        VelocityContext vc = new VelocityContext();
        Map<String, Object> context = contextOf(test.get("context"), facts.contains("own"));
        vc.put("input", new Input((String) test.get("body"), paramsOf(test.get("params")), facts, style));
        vc.put("util", new Util(facts));
        vc.put("context", context);
        vc.put("stageVariables", asMap(test.get("stageVariables")));
        if (facts.contains("null")) {
            EventCartridge cartridge = new EventCartridge();
            cartridge.addEventHandler(new EmptyWhenInvalid());
            cartridge.attachToContext(vc);
        }
        StringWriter writer = new StringWriter();
        String id = String.valueOf(test.get("id"));
        try {
            if (ve.evaluate(vc, writer, id, (String) test.get("template"))) {
                result.out = writer.toString();
            } else {
                result.kind = "parse";
                result.message = "evaluate() returned false";
            }
        } catch (Throwable t) {
            Throwable cause = t;
            if (t instanceof MethodInvocationException && t.getCause() != null) {
                cause = t.getCause();
            }
            result.kind = t instanceof org.apache.velocity.exception.ParseErrorException ? "parse" : "runtime";
            result.message = cause.getClass().getName() + ": " + String.valueOf(cause.getMessage()).split("\n")[0];
        }
        result.request = context.get("requestOverride");
        result.response = context.get("responseOverride");
        return result;
    }

    // ---- JSON out, every non-ASCII character escaped ----

    static void quote(StringBuilder sb, String s) {
        sb.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"': sb.append("\\\""); break;
                case '\\': sb.append("\\\\"); break;
                case '\n': sb.append("\\n"); break;
                case '\r': sb.append("\\r"); break;
                case '\t': sb.append("\\t"); break;
                default:
                    if (c < 0x20 || c > 0x7e) {
                        sb.append(String.format("\\u%04x", (int) c));
                    } else {
                        sb.append(c);
                    }
            }
        }
        sb.append('"');
    }

    static void write(StringBuilder sb, Object v) {
        if (v == null) {
            sb.append("null");
        } else if (v instanceof Map) {
            sb.append('{');
            boolean first = true;
            for (Map.Entry<?, ?> e : ((Map<?, ?>) v).entrySet()) {
                if (!first) {
                    sb.append(',');
                }
                first = false;
                quote(sb, String.valueOf(e.getKey()));
                sb.append(':');
                write(sb, e.getValue());
            }
            sb.append('}');
        } else if (v instanceof List) {
            sb.append('[');
            boolean first = true;
            for (Object o : (List<?>) v) {
                if (!first) {
                    sb.append(',');
                }
                first = false;
                write(sb, o);
            }
            sb.append(']');
        } else if (v instanceof Number || v instanceof Boolean) {
            sb.append(v);
        } else {
            quote(sb, v.toString());
        }
    }

    @SuppressWarnings("unchecked")
    static Object pruned(Object v) {
        if (!(v instanceof Map)) {
            return v;
        }
        Map<String, Object> kept = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>(((Map<String, Object>) v).keySet());
        java.util.Collections.sort(keys);
        for (String k : keys) {
            Object child = pruned(((Map<String, Object>) v).get(k));
            if (child instanceof Map && ((Map<?, ?>) child).isEmpty()) {
                continue;
            }
            kept.put(k, child);
        }
        return kept;
    }

    static Set<String> factsOf(String text) {
        Set<String> facts = new HashSet<>();
        if (text.equals("all")) {
            facts.addAll(ALL);
        } else if (!text.equals("none")) {
            for (String fact : text.split(",")) {
                if (!ALL.contains(fact)) {
                    throw new IllegalArgumentException("unknown fact " + fact + "; known: " + ALL);
                }
                facts.add(fact);
            }
        }
        return facts;
    }

    public static void main(String[] args) throws Exception {
        // Velocity loads classes by name through this loader; `java Engine.java` leaves it unset.
        Thread.currentThread().setContextClassLoader(Engine.class.getClassLoader());
        Set<String> facts = new HashSet<>();
        JSONStyle style = JSONStyle.LT_COMPRESS;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--mode")) {
                facts = factsOf(args[++i].replace("plain", "none").replace("aws", "all"));
            } else if (args[i].equals("--facts")) {
                facts = factsOf(args[++i]);
            } else if (args[i].equals("--json-style")) {
                String name = args[++i];
                style = name.equals("web") ? JSONStyle.NO_COMPRESS : JSONStyle.LT_COMPRESS;
            } else {
                throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = in.readLine()) != null) {
            if (line.trim().isEmpty()) {
                continue;
            }
            Map<String, Object> test = asMap(parseJsonText(line));
            // A fresh engine for each case: macros and #define of one case never reach another.
            Result r = render(engine(facts), test, facts, style);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", test.get("id"));
            if (r.out != null) {
                row.put("out", r.out);
            } else {
                Map<String, Object> error = new LinkedHashMap<>();
                error.put("kind", r.kind);
                error.put("message", r.message);
                row.put("error", error);
            }
            Map<String, Object> overrides = new LinkedHashMap<>();
            Object request = pruned(r.request);
            Object response = pruned(r.response);
            if (request instanceof Map && !((Map<?, ?>) request).isEmpty()) {
                overrides.put("request", request);
            }
            if (response instanceof Map && !((Map<?, ?>) response).isEmpty()) {
                overrides.put("response", response);
            }
            if (!overrides.isEmpty()) {
                row.put("overrides", overrides);
            }
            StringBuilder sb = new StringBuilder();
            write(sb, row);
            out.println(sb);
            out.flush();
        }
    }
}
