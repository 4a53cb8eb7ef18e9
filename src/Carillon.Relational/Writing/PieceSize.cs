namespace Carillon.Relational;

/// <summary>
/// How many rows one transaction of a long work takes: as many as are done in a moment, so that nobody waits long for what it has locked, and no statement takes
/// longer than it may.
/// </summary>
internal sealed class PieceSize(TimeProvider time)
{
    private const int Least = 50;
    private const int Most = 1_000;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    /// <summary>The size of the next piece, in rows.</summary>
    public int Rows { get; private set; } = 100;

    /// <summary>Writes a piece, and learns from how long it took.</summary>
    public async Task<TResult> WriteAsync<TResult>(Func<Task<TResult>> write)
    {
        var began = time.GetTimestamp();
        var result = await write();
        var took = time.GetElapsedTime(began);
        if (took > Moment)
            Rows = Math.Max(Least, Rows / 2);
        else if (took < Moment / 4)
            Rows = Math.Min(Most, Rows * 2);
        return result;
    }
}
