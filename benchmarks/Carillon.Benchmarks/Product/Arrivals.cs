namespace Carillon.Benchmarks;

/// <summary>Where the handlers of the run at hand note what arrives.</summary>
public static class Arrivals
{
    public static LatencyRecorder Recorder { get; set; } = new();
}
