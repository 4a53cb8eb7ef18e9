namespace Carillon.Testing;

/// <summary>A simulation has found something that must never be.</summary>
/// <param name="violation">What it is.</param>
public sealed class SimulationViolatedException(SimulationViolation violation) : Exception(violation.ToString())
{
    /// <summary>What it is.</summary>
    public SimulationViolation Violation => violation;
}
