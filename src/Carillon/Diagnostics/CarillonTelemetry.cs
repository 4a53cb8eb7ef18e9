using System.Diagnostics;

namespace Carillon.Diagnostics;

/// <summary>The one source of Carillon's spans, named <c>Carillon</c>.</summary>
internal static class CarillonTelemetry
{
    /// <summary>The names follow OpenTelemetry's semantic conventions 1.44.</summary>
    public static ActivitySource Source { get; } = new(new ActivitySourceOptions("Carillon") { TelemetrySchemaUrl = "https://opentelemetry.io/schemas/1.44.0" });
}
