// Model files as read-only data: src/embedded_models.cpp says what they are.
    .section .rodata
    .balign 64
    .global triaged_task_model_begin
    .global triaged_task_model_end
triaged_task_model_begin:
    .incbin TASK_MODEL
triaged_task_model_end:
    .balign 64
    .global triaged_outcome_model_begin
    .global triaged_outcome_model_end
triaged_outcome_model_begin:
    .incbin OUTCOME_MODEL
triaged_outcome_model_end:
// Whole pages, so that what nobody looks at is never in memory.
    .balign 4096
    .global triaged_embedder_begin
    .global triaged_embedder_end
triaged_embedder_begin:
    .incbin EMBEDDER_MODEL
triaged_embedder_end:
    .section .note.GNU-stack, "", %progbits
