namespace Carillon.SourceGenerator.Models;

/// <summary>What a handler takes as its first parameter.</summary>
internal enum MessageInput
{
    /// <summary>One message.</summary>
    One,

    /// <summary>A list of messages.</summary>
    Batch,

    /// <summary>The envelope of any message.</summary>
    Envelope,
}
