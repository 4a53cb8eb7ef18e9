using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Writes the manifest: what Carillon will do for the handlers of an assembly, as JSON that people and programs can read.</summary>
internal static class ManifestEmitter
{
    // Four quotes: no JSON holds so many in a row.
    private const string Quotes = "\"\"\"\"";

    /// <summary>Writes the manifest.</summary>
    /// <param name="handlers">The handlers.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="hasRawText">Whether the JSON can stand in the file as it is, with quotes that are not doubled (C# 11).</param>
    public static CodeWriter Emit(EquatableArray<HandlerModel> handlers, EquatableArray<MessageModel> messages, bool hasRawText)
    {
        var code = Code.File("What Carillon does for the handlers of this assembly.", Code.Namespace.Substring(0, Code.Namespace.IndexOf('.')));
        code.Line("/// <summary>What Carillon does for the handlers of this assembly.</summary>")
            .Line(Code.Embedded)
            .Open("internal static class CarillonManifest")
            .Line("/// <summary>Handlers and messages, as JSON.</summary>");
        var lines = Lines(handlers, messages);
        if (hasRawText)
            code.Line($"public const string Json = {Quotes}").Indent().Lines(lines).Line($"{Quotes};").Outdent();
        else
            code.Line("public const string Json =").Verbatim($"@\"{string.Join("\n", lines).Replace("\"", "\"\"")}\";\n");
        return code.Close().Close();
    }

    private static IEnumerable<string> Lines(EquatableArray<HandlerModel> handlers, EquatableArray<MessageModel> messages) =>
    [
        "{",
        "  \"handlers\": [",
        .. Items(handlers.Select(Handler)),
        "  ],",
        "  \"messages\": [",
        .. Items(messages.Select(Message).Select(message => new[] { message })),
        "  ]",
        "}",
    ];

    private static IEnumerable<string> Items(IEnumerable<string[]> items)
    {
        var all = items.ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            for (var line = 0; line < all[i].Length; line++)
                yield return "    " + all[i][line] + (line == all[i].Length - 1 && i < all.Length - 1 ? "," : "");
        }
    }

    private static string[] Handler(HandlerModel handler)
    {
        string[] members =
        [
            Json.Member("name", Json.Text(handler.Name)),
            Json.Member("class", Json.Text(handler.Class.FullName)),
            Json.Member("scope", Json.Text(handler.IsLocal ? "process" : "service")),
            Json.Member("message", handler.Message is { } message ? Message(message) : "null"),
            Json.Member("topics", handler.IsLocal ? "[]" : Json.Array(handler.Topics.Select(Json.Text))),
            Json.Member("subscription", Json.Text(handler.Settings.Subscription)),
            Json.Member("delivery", handler.IsLocal ? "null" : Json.Text(HandlerDescription.Delivery(handler))),
            Json.Member("runsInUnitOfWork", Json.Flag(handler.RunsInUnitOfWork)),
            Json.Member("ordered", Json.Flag(handler.Settings.IsOrdered)),
            Json.Member("batchSize", handler.Input == MessageInput.Batch ? Json.Number(handler.Settings.BatchSize) : "null"),
            Json.Member("instance", Json.Flag(!handler.IsStatic)),
            Json.Member("parameters", Json.Array(handler.Parameters.Select(parameter => Parameter(parameter, handler.Input)))),
            Json.Member("publishes", Json.Array(handler.Published.Select(Published).Distinct())),
        ];
        return ["{", .. members.Select((member, index) => "  " + member + (index < members.Length - 1 ? "," : "")), "}"];
    }

    private static string Message(MessageModel message) => Json.Object(
        Json.Member("name", Json.Text(message.WireName)),
        Json.Member("version", Json.Number(message.Version)),
        Json.Member("kind", Json.Text(message.Kind)),
        Json.Member("topic", Json.Text(message.Topic ?? message.WireName)),
        Json.Member("key", Json.Text(message.Key?.Property)),
        Json.Member("type", Json.Text(message.Type.FullName)));

    private static string Published(MessageModel message) => Json.Object(
        Json.Member("name", Json.Text(message.WireName)), Json.Member("version", Json.Number(message.Version)));

    private static string Parameter(ParameterModel parameter, MessageInput input) => Json.Object(
        Json.Member("name", Json.Text(parameter.Name)),
        Json.Member("type", Json.Text(parameter.Type.FullName)),
        Json.Member("from", Json.Text(HandlerDescription.Origin(parameter, input))));
}
