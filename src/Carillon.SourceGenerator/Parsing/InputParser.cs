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
        var isBatch = IsBatch(parameter.Type);
        var type = MessageType(parameter.Type);
        if (!MessageParser.IsMarked(type))
        {
            ReportUnmarked(type, parameter, method, name, compilation, findings);
            return null;
        }

        var own = new Findings();
        if (MessageParser.Parse(type, compilation.Assembly, own) is { } message)
            return (isBatch ? MessageInput.Batch : MessageInput.One, message);

        // What is wrong with a message is reported where it is declared, unless that is in another assembly.
        if (!SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly))
            findings.Add(Rules.MessageNotReachable, parameter, type.Name, own.Items[0].GetMessage());
        return null;
    }

    /// <summary>The type of the messages that a first parameter stands for: its own, or that of the elements of a batch.</summary>
    public static ITypeSymbol MessageType(ITypeSymbol parameter) =>
        IsBatch(parameter) ? ((INamedTypeSymbol)parameter).TypeArguments[0] : parameter;

    private static bool IsBatch(ITypeSymbol parameter) => parameter.Is("System.Collections.Generic.IReadOnlyList", 1);

    private static void ReportUnmarked(
        ITypeSymbol type, IParameterSymbol parameter, IMethodSymbol method, string name, Compilation compilation, Findings findings)
    {
        if (MessageTypes.IsBaseOfMessages(type, compilation))
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

    private static bool IsMeantAsMessage(ITypeSymbol type) =>
        type is { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None }
        && ParameterParser.Provided(type) is null
        && !type.AllInterfaces.Any(contract => contract.Is("System.Collections.IEnumerable"));
}
