namespace Carillon.KillTests;

/// <summary>What a process of the harness does.</summary>
internal enum RoleName
{
    /// <summary>Publishes.</summary>
    Publisher = 0,

    /// <summary>Handles, in all subscriptions.</summary>
    Handler = 1,
}
