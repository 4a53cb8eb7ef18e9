namespace Carillon.KillTests;

/// <summary>A file in the folder of the run, which goes with the folder.</summary>
internal sealed class FilePlace(string folder) : ITransportPlace
{
    /// <summary>The path of the file.</summary>
    public string Address { get; } = Path.Combine(folder, "kill.db");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
