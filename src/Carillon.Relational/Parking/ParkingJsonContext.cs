using System.Text.Json.Serialization;
using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>How attempts are written, without reflection.</summary>
[JsonSerializable(typeof(IReadOnlyList<FailedAttempt>))]
[JsonSerializable(typeof(FailedAttempt[]))]
[JsonSerializable(typeof(IReadOnlyCollection<int>))]
internal sealed partial class ParkingJsonContext : JsonSerializerContext;
