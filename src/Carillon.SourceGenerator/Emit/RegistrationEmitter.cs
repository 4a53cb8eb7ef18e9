using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Writes <c>AddHandlers</c>: the one generated method that people call.</summary>
internal static class RegistrationEmitter
{
    public static CodeWriter Emit(EquatableArray<HandlerRegistration> classes, bool usesContexts)
    {
        var code = Code.File("Adds the handlers of this assembly to a service.", "Carillon", "System");
        code.Line("/// <summary>Adds the handlers of this assembly to a service, without reflection and without scanning.</summary>")
            .Line(Code.Embedded)
            .Open("internal static class CarillonHandlers");
        EmitDocumentation(code);
        code.Open("internal static ICarillonBuilder AddHandlers(this ICarillonBuilder carillon, params Type[] classes)")
            .Line("ArgumentNullException.ThrowIfNull(carillon);")
            .Line("ArgumentNullException.ThrowIfNull(classes);")
            .Line("foreach (var type in classes)").Indent().Line("RefuseUnknown(type);").Outdent()
            .Line($"global::{Code.Namespace}.CarillonMessages.AddTo(carillon);")
            .LineIf(usesContexts, "global::Carillon.EntityFrameworkCore.CarillonBuilderDbContextExtensions.RefuseOutsideContexts(carillon);");
        foreach (var item in classes)
        {
            code.Line($"if (IsWanted({TypeOf(item)}, classes))").Indent()
                .Line($"global::{Code.Namespace}.{item.GeneratedClass}.AddTo(carillon);").Outdent();
        }

        code.Line("return carillon;").Close().Line()
            .Line("private static bool IsWanted(Type declaring, Type[] classes) =>").Indent()
            .Line("classes.Length == 0 || Array.IndexOf(classes, declaring) >= 0;").Outdent().Line();
        EmitRefuse(code, classes);
        foreach (var item in classes.Where(item => item.Class.IsObsolete))
            EmitTypeOf(code, item.Class);
        return code.Close().Close();
    }

    /// <summary>C# for the type of a class: it cannot be named in a method that is not obsolete when the class is, but a member that is obsolete can.</summary>
    private static string TypeOf(HandlerRegistration item) => item.Class.IsObsolete ? item.Class.Identifier : $"typeof({item.Class.Code})";

    private static void EmitTypeOf(CodeWriter code, TypeModel type) => code.Line()
        .Line(Code.Obsolete(type.FullName))
        .Line($"private static Type {type.Identifier} => typeof({type.Code});");

    private static void EmitDocumentation(CodeWriter code) => code
        .Line("/// <summary>Adds the handlers of this assembly, and every message type that it declares, handles or publishes.</summary>")
        .Line("/// <param name=\"carillon\">The service.</param>")
        .Line("/// <param name=\"classes\">Only the handlers that these classes declare; none for all handlers of the assembly.</param>")
        .Line("/// <exception cref=\"CarillonConfigurationException\">With <see cref=\"ErrorCodes.UnknownHandler\"/>: a class declares no handler.</exception>");

    private static void EmitRefuse(CodeWriter code, EquatableArray<HandlerRegistration> classes)
    {
        code.Open("private static void RefuseUnknown(Type type)")
            .Line("ArgumentNullException.ThrowIfNull(type, \"classes\");");
        foreach (var item in classes)
            code.Line($"if (type == {TypeOf(item)})").Indent().Line("return;").Outdent();
        code.Line("throw new CarillonConfigurationException(ErrorCodes.UnknownHandler,").Indent()
            .Line("$\"{type} declares no handler in this assembly: mark its methods with [Handler] or [LocalHandler], or leave it out of AddHandlers.\");")
            .Outdent().Close();
    }
}
