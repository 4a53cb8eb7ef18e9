namespace Carillon.KillTests;

/// <summary>A server that belongs to the run, and so may be killed by it.</summary>
internal interface IKillableServer
{
    /// <summary>Kills all its processes as <c>kill -9</c> does, and waits until they are gone.</summary>
    Task KillAsync();

    /// <summary>Starts it again with the data that it had, and waits until it answers.</summary>
    Task StartAsync();
}
