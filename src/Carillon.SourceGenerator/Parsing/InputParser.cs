using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads the first parameter of a handler: which messages it takes, and how.</summary>
internal static class InputParser
{
    public static (MessageInput Input, MessageModel? Message)? Parse(
        IMethodSymbol method, string name, Compilation compilation, Findings findings)
    {
        if (method.Parameters.Length == 0)
        {
            findings.Add(Rules.NoMessageParameter, method, name);
            return null;
        }

        var parameter = method.Parameters[0];
        if (parameter.Type.Is("Carillon.Envelope"))
            return (MessageInput.Envelope, null);
        var isBatch = parameter.Type.Is("System.Collections.Generic.IReadOnlyList", 1);
        var type = isBatch ? ((INamedTypeSymbol)parameter.Type).TypeArguments[0] : parameter.Type;
        if (!MessageParser.IsMarked(type))
        {
            ReportUnmarked(type, parameter, method, name, compilation, findings);
            return null;
        }

        // What is wrong with the message is reported where it is declared; a handler of it is not to blame.
        return MessageParser.Parse(type, compilation.Assembly, new Findings()) is { } message
            ? (isBatch ? MessageInput.Batch : MessageInput.One, message)
            : null;
    }

    private static void ReportUnmarked(
        ITypeSymbol type, IParameterSymbol parameter, IMethodSymbol method, string name, Compilation compilation, Findings findings)
    {
        if (IsBaseOfMessages(type, compilation))
        {
            findings.Add(Rules.WrongMessageUse, parameter, type.Name,
                "is no message itself, and messages are handled by their exact type; write one handler per message, or take an Envelope with Topics");
        }
        else if (IsMeantAsMessage(type) && !method.Parameters.Skip(1).Any(other => MessageParser.IsMarked(other.Type)))
        {
            findings.Add(Rules.NotAMessage, parameter, type.Name, "mark it with [Event(\"…\")] or [Command(\"…\")]");
        }
        else
        {
            findings.Add(Rules.NoMessageParameter, parameter, name);
        }
    }

    private static bool IsBaseOfMessages(ITypeSymbol type, Compilation compilation) =>
        type.TypeKind is TypeKind.Class or TypeKind.Interface && MessageTypes.AssignableTo(type, compilation).Count > 0;

    private static bool IsMeantAsMessage(ITypeSymbol type) =>
        type is { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None }
        && ParameterParser.Provided(type) is null
        && !type.AllInterfaces.Any(contract => contract.Is("System.Collections.IEnumerable"));
}
