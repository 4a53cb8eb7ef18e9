using System.Text.Json.Serialization;
using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>How attempts are written, without reflection.</summary>
[JsonSerializable(typeof(IReadOnlyList<FailedAttempt>))]
[JsonSerializable(typeof(FailedAttempt[]))]
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class ParkingJsonContext : JsonSerializerContext;
