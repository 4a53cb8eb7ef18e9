namespace Carillon.Testing;

/// <summary>Something that must never be, and was.</summary>
/// <param name="Seed">The seed that found it, and finds it again.</param>
/// <param name="Rule">What must always be so: a guarantee of Carillon's, or a check of the user's.</param>
/// <param name="What">What was instead.</param>
/// <param name="Faults">What had gone wrong by then, one to a line.</param>
/// <param name="Trace">What happened to the message concerned, one step to a line.</param>
public sealed record SimulationViolation(ulong Seed, string Rule, string What, string Faults, string Trace)
{
    /// <inheritdoc/>
    public override string ToString() => $"""
        Seed {Seed} violates "{Rule}": {What}

        What had gone wrong:
        {Faults}

        What happened:
        {Trace}

        Run it again with Replay({Seed}).
        """;
}
