using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Carillon.Diagnostics;

/// <summary>Where Carillon's spans and measurements come from: a source and meters named <c>Carillon</c>.</summary>
internal static class CarillonTelemetry
{
    private const string Name = "Carillon";
    private const string SchemaUrl = "https://opentelemetry.io/schemas/1.45.0";

    /// <summary>The names follow OpenTelemetry's semantic conventions 1.45.</summary>
    public static ActivitySource Source { get; } = new(new ActivitySourceOptions(Name) { TelemetrySchemaUrl = SchemaUrl });

    /// <summary>A meter for as long as what it measures lives.</summary>
    public static Meter CreateMeter() => new(new MeterOptions(Name) { TelemetrySchemaUrl = SchemaUrl });
}
