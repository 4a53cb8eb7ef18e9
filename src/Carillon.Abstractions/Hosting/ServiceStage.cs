namespace Carillon;

/// <summary>
/// When a part of a service is started and stopped. Parts start stage by stage, within a stage one after the other in the order in which they
/// were added; stages stop in the reverse order, the parts of one stage side by side. Services of one host go through the stages together:
/// all of them can send before any of them receives.
/// </summary>
public enum ServiceStage
{
    /// <summary>Connects to what others use. Started before the host's other services, stopped after them.</summary>
    Connecting = 0,

    /// <summary>Takes messages that are published. Started before the host's other services, stopped after them.</summary>
    Publishing = 1,

    /// <summary>Sends on what was stored. Started when the host's other services have started, stopped after they have stopped.</summary>
    Relaying = 2,

    /// <summary>Works by itself, and may publish. Started when the host's other services have started, stopped before they stop.</summary>
    Working = 3,

    /// <summary>Receives messages and has them handled. Started last, stopped first.</summary>
    Receiving = 4,
}
