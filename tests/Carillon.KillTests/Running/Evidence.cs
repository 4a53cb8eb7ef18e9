namespace Carillon.KillTests;

/// <summary>What the harness knows of a run, kept up to date from the histories and the database.</summary>
internal sealed class Evidence(string folder, ITransportUnderTest transport)
{
    private readonly HistoryFolder _files = new(folder);

    public History History { get; } = new();

    /// <summary>Reads what is new.</summary>
    public History ReadNew()
    {
        _files.ReadNew(History);
        History.Add(transport.ReadEffects(History.Effects.Count == 0 ? 0 : History.Effects[^1].Position));
        History.Add(transport.ReadDeadLetters());
        return History;
    }

    /// <summary>Reads what is new, and the rows of the publishers, who have stopped.</summary>
    public History ReadAll()
    {
        History.Bookings = transport.ReadBookings();
        return ReadNew();
    }
}
