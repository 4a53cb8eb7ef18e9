namespace Carillon.KillTests;

/// <summary>Where the transport of a run lives: made before the run, removed after it.</summary>
internal interface ITransportPlace : IAsyncDisposable
{
    /// <summary>What the processes of the crew must know to get there.</summary>
    string Address { get; }
}
