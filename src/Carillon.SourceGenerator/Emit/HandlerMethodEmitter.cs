using Carillon.SourceGenerator.Models;

namespace Carillon.SourceGenerator.Emit;

/// <summary>
/// Writes the method that calls one handler. It is an async method only where something must happen after the handler: forwarding
/// what the handler returned costs no state machine.
/// </summary>
internal static class HandlerMethodEmitter
{
    private const int MostOnOneLine = 3;

    public static void Emit(CodeWriter code, HandlerModel handler, string name)
    {
        code.Lines(HandlerDescription.Documentation(handler));
        if (handler.Parameters.Any(parameter => parameter.Origin == ParameterOrigin.DbContext))
            EmitWithContexts(code, handler, name);
        else if (handler.Result is null)
            EmitForwarded(code, handler, name);
        else if (handler is { Shape: ReturnShape.Direct, Result: { Kind: ResultKind.Message, Message: { } message } })
            EmitExpression(code, handler, name, ResultEmitter.Return(message, Call(handler)));
        else
            EmitAsync(code, handler, name, handler.Result);
    }

    private static void EmitForwarded(CodeWriter code, HandlerModel handler, string name)
    {
        switch (handler.Shape)
        {
            case ReturnShape.ValueTask:
                EmitExpression(code, handler, name, Call(handler));
                break;
            case ReturnShape.Task:
                EmitExpression(code, handler, name, $"new ValueTask({Call(handler)})");
                break;
            default:
                code.Open(Head(handler, name, "")).Line($"{Call(handler)};").Line("return ValueTask.CompletedTask;").Close();
                break;
        }
    }

    private static void EmitExpression(CodeWriter code, HandlerModel handler, string name, string expression) =>
        code.Line($"{Head(handler, name, "")} =>").Indent().Line($"{expression};").Outdent();

    private static void EmitAsync(CodeWriter code, HandlerModel handler, string name, ResultModel result)
    {
        code.Open(Head(handler, name, "async "));
        EmitCall(code, handler, result);
        code.Close();
    }

    /// <summary>What the handler returned is published before its contexts are saved, because a sequence may still read from them.</summary>
    private static void EmitWithContexts(CodeWriter code, HandlerModel handler, string name)
    {
        var contexts = handler.Parameters.Where(parameter => parameter.Origin == ParameterOrigin.DbContext).ToArray();
        code.Open(Head(handler, name, "async "));
        for (var i = 0; i < contexts.Length; i++)
            code.Line($"await using var {Joined(i)} = await context.JoinAsync<{contexts[i].Type.Code}>(cancellation);");
        EmitCall(code, handler, handler.Result);
        for (var i = 0; i < contexts.Length; i++)
            code.Line($"await {Joined(i)}.SaveChangesAsync(cancellation);");
        code.Close();
    }

    private static void EmitCall(CodeWriter code, HandlerModel handler, ResultModel? result)
    {
        var wait = handler.Shape == ReturnShape.Direct ? "" : "await ";
        code.Line($"{(result is null ? "" : "var result = ")}{wait}{Call(handler)};");
        if (result is not null)
            new ResultEmitter(code, handler.Name).Emit(result, "result");
    }

    private static string Joined(int number) => number == 0 ? "joined" : $"joined{number + 1}";

    private static string Head(HandlerModel handler, string name, string modifier) =>
        $"private static {modifier}ValueTask {name}({handler.Parameters[0].Type.Code} message, EventContext context, CancellationToken cancellation)";

    private static string Call(HandlerModel handler)
    {
        var target = handler.IsStatic ? handler.Class.Code : $"context.Services.GetRequiredService<{handler.Class.Code}>()";
        var contexts = 0;
        var arguments = handler.Parameters.Select(parameter =>
            parameter.Origin == ParameterOrigin.DbContext ? $"{Joined(contexts++)}.Context" : Argument(parameter)).ToArray();
        return handler.Parameters.Count <= MostOnOneLine
            ? $"{target}.{handler.Method}({string.Join(", ", arguments)})"
            : $"{target}.{handler.Method}(\n    {string.Join(",\n    ", arguments)})";
    }

    private static string Argument(ParameterModel parameter) => parameter.Origin switch
    {
        ParameterOrigin.Message => "message",
        ParameterOrigin.Context => "context",
        ParameterOrigin.Cancellation => "cancellation",
        ParameterOrigin.Bus => "context.Bus",
        ParameterOrigin.Envelope => "context.Envelope",
        ParameterOrigin.Services => "context.Services",
        ParameterOrigin.UnitOfWork => "context.UnitOfWork",
        ParameterOrigin.Transaction => Cast(parameter, "DbTransaction", "context.UnitOfWork.Transaction"),
        ParameterOrigin.Connection => Cast(parameter, "DbConnection", "context.UnitOfWork.Connection"),
        _ => Service(parameter),
    };

    private static string Cast(ParameterModel parameter, string declared, string value) =>
        parameter.Type.FullName == $"System.Data.Common.{declared}" ? value : $"({parameter.Type.Code}){value}";

    private static string Service(ParameterModel parameter)
    {
        var required = parameter.IsOptional ? "" : "Required";
        return parameter.ServiceKey is { } key
            ? $"context.Services.Get{required}KeyedService<{parameter.Type.Code}>({key})"
            : $"context.Services.Get{required}Service<{parameter.Type.Code}>()";
    }
}
