using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads a message type: its attribute and its key.</summary>
internal static class MessageParser
{
    /// <summary>Whether a type says that it is a message, rightly or not.</summary>
    public static bool IsMarked(ITypeSymbol? type) => type is not null && Mark(type) is not null;

    /// <summary>Reads a type; null, with findings, when it is not a message that generated code can use.</summary>
    public static MessageModel? Parse(ITypeSymbol type, IAssemblySymbol from, Findings findings)
    {
        var own = new Findings();
        var mark = Mark(type);
        var model = mark is null ? null : Read((INamedTypeSymbol)type, mark, from, own);
        if (mark is null)
            own.Add(Rules.NotAMessage, type, type.Name, "mark it with [Event(\"…\")] or [Command(\"…\")]");
        foreach (var item in own.Items)
            findings.Add(item);
        return own.Any ? null : model;
    }

    private static AttributeData? Mark(ITypeSymbol type) =>
        type is INamedTypeSymbol ? type.FindAttribute(KnownTypes.EventAttribute) ?? type.FindAttribute(KnownTypes.CommandAttribute) : null;

    private static MessageModel Read(INamedTypeSymbol type, AttributeData mark, IAssemblySymbol from, Findings findings)
    {
        var isCommand = mark.AttributeClass.Is(KnownTypes.CommandAttribute);
        var name = mark.ConstructorArguments.FirstOrDefault().Value as string;
        var version = mark.Setting("Version")?.Value is int given ? given : 1;
        var topic = mark.Setting("Topic")?.Value as string;
        Check(type, mark, isCommand, name, version, topic, findings);
        CheckReach(type, from, findings);
        var key = KeyParser.Parse(type, from, findings);
        return new(TypeNames.Of(type), name ?? "", isCommand, version, topic, Priority(mark), key);
    }

    private static void Check(
        ITypeSymbol type, AttributeData mark, bool isCommand, string? name, int version, string? topic, Findings findings)
    {
        var place = mark.LocationOf() ?? type.Locations.FirstOrDefault();
        if (!isCommand && type.FindAttribute(KnownTypes.CommandAttribute) is not null)
            findings.Add(Rules.NotAMessage, place, type.Name, "it is marked with both [Event] and [Command]; choose one");
        if (!WireText.IsName(name))
        {
            findings.Add(Rules.NotAMessage, place, type.Name,
                $"\"{name}\" is no name; write words of letters, digits, '-' and '_' separated by single dots, at most 200 characters");
        }

        if (WireText.IsClrTypeName(name))
            findings.Add(Rules.NotAMessage, place, type.Name, $"\"{name}\" is the name of a CLR type, which never travels; name the fact or the wish");
        if (version < 1)
            findings.Add(Rules.NotAMessage, place, type.Name, $"version {version} is not allowed; versions begin at 1");
        if (topic is not null && !WireText.IsName(topic))
            findings.Add(Rules.NotAMessage, place, type.Name, $"\"{topic}\" is no topic; it follows the same rules as a name");
    }

    private static void CheckReach(INamedTypeSymbol type, IAssemblySymbol from, Findings findings)
    {
        if (Reach.IsGeneric(type))
            findings.Add(Rules.MessageNotReachable, type, type.Name, "it has type parameters; declare one type per message");
        else if (type.IsStatic)
            findings.Add(Rules.MessageNotReachable, type, type.Name, "it is static and has no instances");
        else if (type.IsRefLikeType)
            findings.Add(Rules.MessageNotReachable, type, type.Name, "it is a ref struct and cannot leave the stack");
        else if (!Reach.IsReachable(type, from))
            findings.Add(Rules.MessageNotReachable, type, type.Name, "it is private, protected or local to a file; make it public or internal");
    }

    private static string? Priority(AttributeData mark) => mark.Setting("Priority")?.Value switch
    {
        null or (byte)1 => null,
        (byte)0 => "Priority.Low",
        (byte)2 => "Priority.High",
        var other => $"(Priority){other}",
    };
}
