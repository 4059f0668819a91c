package io.jenkins.plugins.sshexec.standalone.pipeline;

import java.util.Map;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Gives Pipeline the words that every object has in Groovy: inside a closure {@code sleep 5} would be Groovy's own method, and
 * sleep five milliseconds.
 */
final class OwnWordsCustomizer extends CompilationCustomizer {
    private static final Map<String, String> METHODS = Map.of("sleep", "sleepStep", "equals", "equalsCondition");

    OwnWordsCustomizer() {
        super(CompilePhase.CONVERSION);
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        new ClassCodeVisitorSupport() {
            @Override
            public void visitMethodCallExpression(MethodCallExpression call) {
                super.visitMethodCallExpression(call);
                String own = METHODS.get(call.getMethodAsString());
                if (own != null && call.isImplicitThis()) {
                    ConstantExpression method = new ConstantExpression(own);
                    method.setSourcePosition(call.getMethod());
                    call.setMethod(method);
                }
            }

            @Override
            protected SourceUnit getSourceUnit() {
                return source;
            }
        }.visitClass(type);
    }
}
