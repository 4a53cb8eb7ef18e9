using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Writes what the catalog needs to know of the message types that an assembly declares, handles or publishes.</summary>
internal static class MessagesEmitter
{
    public static CodeWriter Emit(EquatableArray<MessageModel> messages)
    {
        var code = Code.File("The messages that this assembly declares, handles or publishes.", Code.Namespace);
        code.Line("/// <summary>The messages that this assembly declares, handles or publishes.</summary>")
            .Line(Code.Embedded)
            .Open("internal static class CarillonMessages");
        foreach (var message in messages)
            EmitDefinition(code, message);
        code.Line("/// <summary>Adds every message.</summary>").Open("internal static void AddTo(ICarillonBuilder carillon)");
        code.Lines(messages.Select(message => $"carillon.AddMessage({message.Type.Identifier});")).Close();
        return code.Close().Close();
    }

    private static void EmitDefinition(CodeWriter code, MessageModel message)
    {
        var type = message.Type.Code;
        var about = $"The {message.Kind} {HandlerDescription.Wire(message)}, " + (message.Key is { } key ? $"in order by {key.Property}." : "without a key.");
        code.Line($"/// <summary>{Code.Xml(about)}</summary>")
            .LineIf(message.IsObsolete, Code.Obsolete(message.Type.FullName))
            .Line($"internal static readonly MessageDefinition<{type}> {message.Type.Identifier} = new MessageDefinition<{type}>(").Indent()
            .Line($"{string.Join(",\n", DefinitionArguments(message))});").Outdent().Line();
    }

    private static IEnumerable<string> DefinitionArguments(MessageModel message)
    {
        yield return Code.Literal(message.WireName);
        yield return $"MessageKind.{(message.IsCommand ? "Command" : "Event")}";
        if (message.Key is { } key)
            yield return $"message => {key.Expression}";
        yield return $"version: {message.Version}";
        if (message.Topic is { } topic)
            yield return $"topic: {Code.Literal(topic)}";
        if (message.Priority is { } priority)
            yield return $"priority: {priority}";
    }
}
