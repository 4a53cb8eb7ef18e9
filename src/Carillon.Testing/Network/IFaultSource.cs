using Carillon.Testing.Processes;

namespace Carillon.Testing.Network;

/// <summary>Decides what becomes of requests.</summary>
internal interface IFaultSource
{
    /// <summary>What becomes of a request.</summary>
    CallFate Decide(SimulatedProcess process, SimulatedServer server, ServerOperation operation);

    /// <summary>Whether process and server reach each other at the moment.</summary>
    bool IsConnected(SimulatedProcess process, SimulatedServer server);

    /// <summary>How long a process stands still before it sends a request; null when it does not.</summary>
    TimeSpan? NextStandstill(SimulatedProcess process, ServerOperation operation);

    /// <summary>How long a process waits for an answer before it believes that none will come.</summary>
    TimeSpan NextTimeout();
}
