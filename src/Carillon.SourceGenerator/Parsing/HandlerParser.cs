using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads a method with [Handler] or [LocalHandler]. The place to start: it says what a handler may look like.</summary>
internal static class HandlerParser
{
    /// <summary>Reads a handler; null, with findings, when no code can be written for it.</summary>
    public static HandlerModel? Parse(IMethodSymbol method, AttributeData attribute, Compilation compilation, Findings findings)
    {
        var from = compilation.Assembly;
        var name = $"{method.ContainingType?.Name}.{method.Name}";
        HandlerReach.Check(method, name, from, findings);
        if (method is { IsAsync: true, ReturnsVoid: true })
            findings.Add(Rules.AsyncVoid, method, name);
        var input = InputParser.Parse(method, name, compilation, findings);
        var isLocal = attribute.AttributeClass.Is(KnownTypes.LocalHandlerAttribute);
        if (isLocal && input?.Message is { IsCommand: true } command)
            findings.Add(Rules.WrongMessageUse, method.Parameters[0], command.Type.ShortName, "is a command, and only events are raised inside the process; use [Handler]");
        var settings = SettingsParser.Parse(attribute, method, name, input, findings);
        var (shape, result) = ParseResult(method, name, compilation, findings);
        if (input is null || method.ContainingType is null)
            return null;

        var first = new ParameterModel(method.Parameters[0].Name, TypeNames.Of(method.Parameters[0].Type), ParameterOrigin.Message);
        var others = method.Parameters.Skip(1).Select(parameter => ContextParser.Parse(ParameterParser.Parse(parameter, name, from, findings), isLocal)).ToArray();
        ContextParser.Check(others, method, name, compilation, findings);
        DeliveryParser.Check(attribute, others, method, name, findings);
        if (findings.Any)
            return null;
        return new(
            TypeNames.Of(method.ContainingType),
            TypeNames.Member(method.Name),
            method.IsStatic,
            isLocal,
            input.Value.Input,
            input.Value.Message,
            settings,
            new([first, .. others]),
            shape,
            result,
            Path.GetFileName(method.Locations.FirstOrDefault()?.SourceTree?.FilePath) ?? "",
            Obsolescence.Of(method));
    }

    private static (ReturnShape Shape, ResultModel? Result) ParseResult(
        IMethodSymbol method, string name, Compilation compilation, Findings findings)
    {
        var (shape, type) = ResultParser.Split(method);
        if (type is null)
            return (shape, null);
        var result = ResultParser.Parse(type, compilation);
        if (result is null)
            findings.Add(Rules.ResultNotAMessage, method, name, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
        return (shape, result);
    }
}
