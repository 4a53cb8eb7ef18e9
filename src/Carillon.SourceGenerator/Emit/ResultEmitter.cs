using System.Globalization;
using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>Writes the lines that publish what a handler returned.</summary>
internal sealed class ResultEmitter(CodeWriter code, string handler)
{
    private int _names;

    /// <summary>C# that publishes one message.</summary>
    public static string Return(MessageModel message, string value) => $"context.ReturnAsync<{message.Type.Code}>({value})";

    public void Emit(ResultModel result, string value)
    {
        switch (result.Kind)
        {
            case ResultKind.Message:
                code.Line($"await {Return(result.Message!, value)};");
                break;
            case ResultKind.NullableValue:
                EmitNullable(result.Parts[0], value);
                break;
            case ResultKind.Sequence:
                EmitSequence(result.Parts[0], "foreach (var {0} in {1})", value);
                break;
            case ResultKind.AsyncSequence:
                EmitSequence(result.Parts[0], "await foreach (var {0} in {1}.WithCancellation(cancellation))", value);
                break;
            case ResultKind.Tuple:
                for (var i = 0; i < result.Parts.Count; i++)
                    Emit(result.Parts[i], $"{value}.Item{i + 1}");
                break;
            case ResultKind.OneOf:
                EmitOneOf(result, value);
                break;
        }
    }

    private void EmitNullable(ResultModel part, string value)
    {
        var name = NextName("present");
        code.Open($"if ({value} is {{ }} {name})");
        Emit(part, name);
        code.Close();
    }

    private void EmitSequence(ResultModel part, string head, string value)
    {
        // No comparison with null: a sequence may be a value, and may compare in a way of its own.
        var item = NextName("item");
        var all = item.Replace("item", "items");
        code.Open($"if ({value} is {{ }} {all})").Open(string.Format(CultureInfo.InvariantCulture, head, item, all));
        Emit(part, item);
        code.Close().Close();
    }

    private void EmitOneOf(ResultModel result, string value)
    {
        var name = NextName("message");
        code.Open($"switch ({value})").Line("case null:").Indent().Line("break;").Outdent();
        foreach (var part in result.Parts)
        {
            code.Line($"case {part.Message!.Type.Code} {name}:").Indent();
            Emit(part, name);
            code.Line("break;").Outdent();
            name = NextName("message");
        }

        if (!result.IsClosed)
            EmitRefusal(name);
        code.Close();
    }

    private void EmitRefusal(string name) => code
        .Line($"case var {name}:").Indent()
        .Line("throw new CarillonException(ErrorCodes.NotAMessage,").Indent()
        .Line($"{Code.Literal($"{handler} returned a ")} + {name}.GetType() + \", which is no message that is known here: mark it with [Event] or [Command].\");")
        .Outdent().Outdent();

    private string NextName(string name) => $"{name}{++_names}";
}
