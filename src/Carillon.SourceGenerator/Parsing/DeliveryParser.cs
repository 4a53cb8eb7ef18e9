using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads how often [Handler] wants the effect of a message, and checks it against the parameters.</summary>
internal static class DeliveryParser
{
    private const string Setting = "Delivery";
    private const int ExactlyOnce = 1;
    private const int AtMostOnce = 2;

    public static bool AsksForExactlyOnce(AttributeData attribute) => attribute.Setting(Setting)?.Value is ExactlyOnce;

    public static bool AsksForAtMostOnce(AttributeData attribute) => attribute.Setting(Setting)?.Value is AtMostOnce;

    /// <summary>Finds a handler that takes a part of a unit of work and asks to run in none.</summary>
    public static void Check(
        AttributeData attribute, IReadOnlyList<ParameterModel> parameters, IMethodSymbol method, string name, Findings findings)
    {
        if (attribute.Setting(Setting) is null || AsksForExactlyOnce(attribute))
            return;
        if (parameters.FirstOrDefault(parameter => parameter.IsOfUnitOfWork) is { } part)
        {
            findings.Add(
                Rules.DeliveryContradicted, attribute.LocationOf() ?? method.Locations.FirstOrDefault(), name, part.Name, part.Type.ShortName,
                AsksForAtMostOnce(attribute) ? "at-most-once" : "at-least-once");
        }
    }
}
