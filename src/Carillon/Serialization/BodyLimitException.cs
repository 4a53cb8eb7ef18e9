namespace Carillon.Serialization;

/// <summary>A body grew beyond the limit while it was written. Never leaves the serializer.</summary>
internal sealed class BodyLimitException : Exception;
