using Carillon.Testing.Logs;
using Carillon.Testing.Network;
using Carillon.Testing.Stores;

namespace Carillon.Testing.Worlds;

/// <summary>A database server with what it keeps.</summary>
/// <param name="Server">The server.</param>
/// <param name="Database">What it keeps.</param>
/// <param name="Outbox">The log of its outbox, or null when its transactions add to the transport itself.</param>
internal sealed record StoreServer(SimulatedServer Server, SimulatedDatabase Database, SimulatedLog? Outbox);
