using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>
/// What goes into the log cannot forge lines: text arguments of log messages are <c>LogText</c>, which writes line breaks and hidden characters as
/// escapes. Numbers, times and exceptions may be what they are.
/// </summary>
public sealed class LogTextRule : IRule
{
    private static readonly HashSet<string> Safe =
    [
        "ILogger", "LogText", "LogLevel", "Exception", "Exception?", "int", "int?", "long", "long?", "double", "bool", "TimeSpan", "TimeSpan?", "DateTimeOffset", "DateTimeOffset?", "Guid",
    ];

    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.CSharp("src")
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "LoggerMessage")
        from parameter in method.ParameterList.Parameters
        where !Safe.Contains(parameter.Type!.ToString())
        select file.Violation(this, parameter, $"{parameter.Identifier.Text} is a {parameter.Type}, which may hold text from the wire: make it a LogText");
}
