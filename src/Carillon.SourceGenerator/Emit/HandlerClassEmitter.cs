using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Writes the file of one handler class: a definition and a method for each of its handlers.</summary>
internal static class HandlerClassEmitter
{
    public static CodeWriter Emit(HandlerClassModel model)
    {
        var code = Code.File($"How Carillon calls the handlers of {model.Class.FullName}.", Code.Namespace, [.. Usings(model)]);
        var names = Names(model).ToArray();
        code.Line($"/// <summary>How Carillon calls the handlers of <c>{Code.Xml(model.Class.FullName)}</c>.</summary>")
            .LineIf(model.IsObsolete, Code.Obsolete(model.Class.FullName))
            .Line(Code.Embedded)
            .Open($"internal static class {model.GeneratedClass}");
        EmitAdd(code, model, names);
        for (var i = 0; i < names.Length; i++)
        {
            code.Line();
            EmitDefinition(code, model.Handlers[i], names[i]);
        }

        for (var i = 0; i < names.Length; i++)
        {
            code.Line();
            HandlerMethodEmitter.Emit(code, model.Handlers[i], names[i]);
        }

        return code.Close().Close();
    }

    private static IEnumerable<string> Usings(HandlerClassModel model)
    {
        yield return "System.Threading";
        yield return "System.Threading.Tasks";
        if (model.Handlers.SelectMany(handler => handler.Parameters).Any(parameter => parameter.Origin == ParameterOrigin.DbContext))
            yield return "Carillon.EntityFrameworkCore";
        yield return "Microsoft.Extensions.DependencyInjection";
        yield return "Microsoft.Extensions.DependencyInjection.Extensions";
    }

    private static void EmitAdd(CodeWriter code, HandlerClassModel model, string[] names)
    {
        code.Line("/// <summary>Adds the handlers, in this order.</summary>")
            .Open("internal static void AddTo(ICarillonBuilder carillon)");
        if (model.Handlers.Any(handler => !handler.IsStatic))
            code.Line($"carillon.Services.TryAddScoped<{model.Class.Code}>();");
        code.Lines(names.Select(name => $"carillon.AddHandler({name}Definition);")).Close();
    }

    private static void EmitDefinition(CodeWriter code, HandlerModel handler, string name) => code
        .Line($"private static readonly HandlerDefinition {name}Definition = new {DefinitionType(handler)}(").Indent()
        .Line($"{string.Join(",\n", DefinitionArguments(handler, name))});").Outdent();

    private static IEnumerable<string> DefinitionArguments(HandlerModel handler, string name)
    {
        yield return Code.Literal(handler.Name);
        if (handler.Message is { } message)
            yield return $"CarillonMessages.{message.Type.Identifier}";
        if (handler.Input == MessageInput.Batch)
            yield return $"{handler.Settings.BatchSize}";
        yield return $"(message, context, cancellation) => {name}(message, context, cancellation)";
        yield return $"declaringType: typeof({handler.Class.Code})";
        if (handler.Settings.Subscription is { } subscription)
            yield return $"subscription: {Code.Literal(subscription)}";
        if (handler.Settings.Topics.Count > 0)
            yield return $"topics: new[] {{ {string.Join(", ", handler.Settings.Topics.Select(Code.Literal))} }}";
        if (handler.IsExactlyOnce)
            yield return "delivery: DeliveryGuarantee.ExactlyOnce";
        if (handler.IsAtMostOnce)
            yield return "delivery: DeliveryGuarantee.AtMostOnceMayLose";
        if (handler.IsLocal)
            yield return "isLocal: true";
    }

    private static string DefinitionType(HandlerModel handler) => handler.Input switch
    {
        MessageInput.One => $"HandlerDefinition<{handler.Message!.Type.Code}>",
        MessageInput.Batch => $"BatchHandlerDefinition<{handler.Message!.Type.Code}>",
        _ => "EnvelopeHandlerDefinition",
    };

    /// <summary>A name for each handler that nothing else in the class has, also not by a number at its end or as the name of a definition.</summary>
    private static IEnumerable<string> Names(HandlerClassModel model)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal) { model.GeneratedClass };
        foreach (var handler in model.Handlers)
        {
            var message = handler.Message?.Type.ShortName.Replace("@", "").Replace('.', '_') ?? "Envelope";
            var name = $"{handler.Method.TrimStart('@')}_{message}";
            var unique = name;
            for (var i = 2; taken.Contains(unique) || taken.Contains($"{unique}Definition"); i++)
                unique = $"{name}_{i}";
            taken.UnionWith([unique, $"{unique}Definition"]);
            yield return unique;
        }
    }
}
