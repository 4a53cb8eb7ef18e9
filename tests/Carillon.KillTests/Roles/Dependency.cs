namespace Carillon.KillTests;

/// <summary>What the handlers need beside the database. It is away as long as its file is in the folder of the run.</summary>
internal sealed class Dependency(string folder)
{
    private readonly string _sign = Path.Combine(folder, "dependency.away");

    /// <summary>Uses it.</summary>
    /// <exception cref="HttpRequestException">It is away.</exception>
    public void Call()
    {
        if (File.Exists(_sign))
            throw new HttpRequestException("The dependency is away.");
    }

    /// <summary>Takes it away from everybody.</summary>
    /// <returns>What brings it back.</returns>
    public IAsyncDisposable TakeAway()
    {
        File.WriteAllText(_sign, "");
        return new Restoration(() =>
        {
            File.Delete(_sign);
            return ValueTask.CompletedTask;
        });
    }
}
